CREATE TABLE `password_credentials` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
-- The rest is written by hand: drizzle-kit knows no triggers. During an upgrade, and after a rollback, the version before
-- writes and reads `accounts.password_hash`. These two triggers copy its writes here, before anything else is copied.
CREATE TRIGGER `accounts_password_inserted` AFTER INSERT ON `accounts` WHEN NEW.`password_hash` <> '' BEGIN
	INSERT INTO `password_credentials` (`account_id`, `hash`) VALUES (NEW.`id`, NEW.`password_hash`)
	ON CONFLICT (`account_id`) DO UPDATE SET `hash` = excluded.`hash`;
END;
--> statement-breakpoint
CREATE TRIGGER `accounts_password_changed` AFTER UPDATE OF `password_hash` ON `accounts`
WHEN NEW.`password_hash` <> '' AND NEW.`password_hash` <> OLD.`password_hash` BEGIN
	INSERT INTO `password_credentials` (`account_id`, `hash`) VALUES (NEW.`id`, NEW.`password_hash`)
	ON CONFLICT (`account_id`) DO UPDATE SET `hash` = excluded.`hash` WHERE `hash` <> excluded.`hash`;
END;
--> statement-breakpoint
INSERT INTO `password_credentials` (`account_id`, `hash`)
SELECT `id`, `password_hash` FROM `accounts` WHERE `password_hash` <> ''
ON CONFLICT (`account_id`) DO NOTHING;
--> statement-breakpoint
-- The other way round: what this version writes is readable for the version before.
CREATE TRIGGER `password_credentials_inserted` AFTER INSERT ON `password_credentials` BEGIN
	UPDATE `accounts` SET `password_hash` = NEW.`hash` WHERE `id` = NEW.`account_id` AND `password_hash` <> NEW.`hash`;
END;
--> statement-breakpoint
CREATE TRIGGER `password_credentials_changed` AFTER UPDATE OF `hash` ON `password_credentials` BEGIN
	UPDATE `accounts` SET `password_hash` = NEW.`hash` WHERE `id` = NEW.`account_id` AND `password_hash` <> NEW.`hash`;
END;
--> statement-breakpoint
CREATE TRIGGER `password_credentials_deleted` AFTER DELETE ON `password_credentials` BEGIN
	UPDATE `accounts` SET `password_hash` = '' WHERE `id` = OLD.`account_id`;
END;
