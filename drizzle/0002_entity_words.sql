-- Written by hand: drizzle-kit knows neither WITHOUT ROWID nor triggers.

-- The words of each entity, on the shelves it is found on: 0 is everybody's, an account's id is its own, -1 is the admins'.
-- One B-tree with the key first: a word is read in the order of ids, and nobody reads past what others hide.
CREATE TABLE `entity_words` (
	`word` text NOT NULL,
	`shelf` integer NOT NULL,
	`entity_id` integer NOT NULL,
	PRIMARY KEY(`word`, `shelf`, `entity_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `entities_shelve` AFTER INSERT ON `entities` BEGIN
	INSERT OR IGNORE INTO `entity_words` (`word`, `shelf`, `entity_id`)
	SELECT word.value, shelf.id, NEW.id
	FROM (SELECT 0 AS id WHERE NEW.private = 0 UNION ALL SELECT -1 WHERE NEW.private = 1
		UNION ALL SELECT NEW.owner_id WHERE NEW.private = 1 AND NEW.owner_id IS NOT NULL) AS shelf,
		json_each(NEW.words) AS field, json_each(field.value) AS word;
END;
--> statement-breakpoint
CREATE TRIGGER `entities_unshelve` AFTER DELETE ON `entities` BEGIN
	DELETE FROM `entity_words`
	WHERE `word` IN (SELECT word.value FROM json_each(OLD.words) AS field, json_each(field.value) AS word)
		AND `shelf` IN (0, -1, OLD.owner_id) AND `entity_id` = OLD.id;
END;
--> statement-breakpoint
CREATE TRIGGER `entities_reshelve` AFTER UPDATE OF `words`, `private`, `owner_id` ON `entities`
WHEN OLD.words <> NEW.words OR OLD.private <> NEW.private OR (NEW.private = 1 AND OLD.owner_id IS NOT NEW.owner_id) BEGIN
	DELETE FROM `entity_words`
	WHERE `word` IN (SELECT word.value FROM json_each(OLD.words) AS field, json_each(field.value) AS word)
		AND `shelf` IN (0, -1, OLD.owner_id) AND `entity_id` = OLD.id;
	INSERT OR IGNORE INTO `entity_words` (`word`, `shelf`, `entity_id`)
	SELECT word.value, shelf.id, NEW.id
	FROM (SELECT 0 AS id WHERE NEW.private = 0 UNION ALL SELECT -1 WHERE NEW.private = 1
		UNION ALL SELECT NEW.owner_id WHERE NEW.private = 1 AND NEW.owner_id IS NOT NULL) AS shelf,
		json_each(NEW.words) AS field, json_each(field.value) AS word;
END;
--> statement-breakpoint
-- The stamps of a game at which its score changed, the first one among them.
CREATE TABLE `game_scores` (
	`game_id` integer NOT NULL,
	`offset` integer NOT NULL,
	`home` integer NOT NULL,
	`away` integer NOT NULL,
	PRIMARY KEY(`game_id`, `offset`)
) WITHOUT ROWID;
