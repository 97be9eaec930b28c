CREATE TABLE `former_owners` (
	`account_id` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE `games` ADD `owner_id` integer;--> statement-breakpoint
ALTER TABLE `games` ADD `created_at` integer;--> statement-breakpoint
ALTER TABLE `games` ADD `state` text DEFAULT 'complete' NOT NULL;--> statement-breakpoint
CREATE INDEX `games_of_owner` ON `games` (`owner_id`);--> statement-breakpoint
CREATE INDEX `games_unfinished` ON `games` (`created_at`) WHERE state <> 'complete';
--> statement-breakpoint
-- The rest is written by hand: drizzle-kit knows neither WITHOUT ROWID nor triggers.
-- How many games each account owns, those that are being written included and those that are being removed not, so that the quota reads one row.
CREATE TABLE `game_counts` (
	`account_id` integer NOT NULL,
	`games` integer NOT NULL,
	PRIMARY KEY(`account_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `games_counted` AFTER INSERT ON `games`
WHEN NEW.`state` <> 'deleted' AND NEW.`owner_id` IS NOT NULL BEGIN
	INSERT INTO `game_counts` (`account_id`, `games`) VALUES (NEW.`owner_id`, 1)
	ON CONFLICT (`account_id`) DO UPDATE SET `games` = `games` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `games_discounted` AFTER UPDATE OF `state` ON `games`
WHEN OLD.`state` <> 'deleted' AND NEW.`state` = 'deleted' AND OLD.`owner_id` IS NOT NULL BEGIN
	UPDATE `game_counts` SET `games` = `games` - 1 WHERE `account_id` = OLD.`owner_id`;
	DELETE FROM `game_counts` WHERE `account_id` = OLD.`owner_id` AND `games` = 0;
END;
--> statement-breakpoint
CREATE TRIGGER `games_uncounted` AFTER DELETE ON `games`
WHEN OLD.`state` <> 'deleted' AND OLD.`owner_id` IS NOT NULL BEGIN
	UPDATE `game_counts` SET `games` = `games` - 1 WHERE `account_id` = OLD.`owner_id`;
	DELETE FROM `game_counts` WHERE `account_id` = OLD.`owner_id` AND `games` = 0;
END;
--> statement-breakpoint
-- Whichever version deletes an account, its games are nobody's to read, and the clean-up removes them.
CREATE TRIGGER `accounts_games_left` AFTER DELETE ON `accounts`
WHEN EXISTS (SELECT 1 FROM `games` WHERE `owner_id` = OLD.`id`) BEGIN
	INSERT OR IGNORE INTO `former_owners` (`account_id`) VALUES (OLD.`id`);
END;
