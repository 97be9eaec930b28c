CREATE TABLE `entities_to_reindex` (
	`entity_id` integer PRIMARY KEY NOT NULL,
	`words` text,
	`owner_id` integer
);
--> statement-breakpoint
CREATE INDEX `entities_to_reindex_written` ON `entities_to_reindex` (`entity_id`) WHERE words IS NOT NULL;--> statement-breakpoint
DROP INDEX `entities_of_owner_by_type`;--> statement-breakpoint
DROP INDEX `entities_of_owner_by_quantity`;--> statement-breakpoint
ALTER TABLE `entities` ADD `owned` integer;--> statement-breakpoint
CREATE INDEX `entities_by_type_and_code` ON `entities` (`private`,`type`,`code`);--> statement-breakpoint
CREATE INDEX `entities_by_type_and_updated_at` ON `entities` (`private`,`type`,`updated_at`,`seq`);--> statement-breakpoint
CREATE INDEX `entities_private_by_type` ON `entities` (`owner_id`,`type`) WHERE private = 1;--> statement-breakpoint
CREATE INDEX `entities_private_by_type_and_code` ON `entities` (`owner_id`,`type`,`code`) WHERE private = 1;--> statement-breakpoint
CREATE INDEX `entities_private_by_type_and_updated_at` ON `entities` (`owner_id`,`type`,`updated_at`,`seq`) WHERE private = 1;--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_type` ON `entities` (`owner_id`,`private`,`code`);--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_quantity` ON `entities` (`owner_id`,`private`,`quantity`,`seq`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `deleted_at` integer;--> statement-breakpoint
CREATE INDEX `accounts_deleted` ON `accounts` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
-- The rest is written by hand: drizzle-kit knows no triggers.

-- The newest entity of an owner keeps how many they have. A creation writes it in its own row; version 1, which knows
-- nothing of it, has it written for it.
CREATE TRIGGER `entities_counted` AFTER INSERT ON `entities` WHEN NEW.`owner_id` IS NOT NULL AND NEW.`owned` IS NULL BEGIN
	UPDATE `entities` SET `owned` = 1 + coalesce((SELECT `owned` FROM `entities` WHERE `id` = (SELECT max(`id`) FROM (
		SELECT max(`id`) AS `id` FROM `entities` WHERE `owner_id` = NEW.`owner_id` AND `private` = 0 AND `id` < NEW.`id`
		UNION ALL
		SELECT max(`id`) FROM `entities` WHERE `owner_id` = NEW.`owner_id` AND `private` = 1 AND `id` < NEW.`id`))), 0)
	WHERE `id` = NEW.`id`;
END;
--> statement-breakpoint
-- Nobody counts for an account that is being deleted.
CREATE TRIGGER `entities_uncounted` AFTER DELETE ON `entities` WHEN OLD.`owner_id` IS NOT NULL BEGIN
	UPDATE `entities` SET `owned` = iif(`id` < OLD.`id`, OLD.`owned`, `owned`) - 1
	WHERE `id` = (SELECT max(`id`) FROM (
		SELECT max(`id`) AS `id` FROM `entities` WHERE `owner_id` = OLD.`owner_id` AND `private` = 0
		UNION ALL SELECT max(`id`) FROM `entities` WHERE `owner_id` = OLD.`owner_id` AND `private` = 1))
		AND EXISTS (SELECT 1 FROM `accounts` WHERE `accounts`.`id` = OLD.`owner_id` AND `deleted_at` IS NULL);
END;
--> statement-breakpoint
UPDATE `entities`
SET `owned` = (SELECT count(*) FROM `entities` AS `each` WHERE `each`.`owner_id` = `entities`.`owner_id`)
WHERE `id` IN (SELECT max(`id`) FROM `entities` WHERE `owner_id` IS NOT NULL GROUP BY `owner_id`);
--> statement-breakpoint
-- The first 250 distinct words of an entity are indexed, code first, then type, then attributes, so that no write changes
-- more than 1,000 rows. A write to an entity that has more, from version 1, leaves its rows to a job, and until that has
-- run no search finds the entity.
DROP TRIGGER `entities_shelve`;
--> statement-breakpoint
CREATE TRIGGER `entities_shelve` AFTER INSERT ON `entities` BEGIN
	INSERT OR IGNORE INTO `entity_words` (`word`, `shelf`, `entity_id`)
	SELECT term.value, shelf.id, NEW.id
	FROM (SELECT 0 AS id WHERE NEW.private = 0 UNION ALL SELECT -1 WHERE NEW.private = 1
		UNION ALL SELECT NEW.owner_id WHERE NEW.private = 1 AND NEW.owner_id IS NOT NULL) AS shelf,
		(SELECT word.value FROM json_each(NEW.words) AS field, json_each(field.value) AS word
		GROUP BY word.value ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250) AS term;
END;
--> statement-breakpoint
DROP TRIGGER `entities_unshelve`;
--> statement-breakpoint
CREATE TRIGGER `entities_unshelve` AFTER DELETE ON `entities` BEGIN
	UPDATE `entities_to_reindex` SET `words` = OLD.words, `owner_id` = OLD.owner_id
	WHERE `entity_id` = OLD.id AND `words` IS NULL;
	DELETE FROM `entity_words`
	WHERE `word` IN (SELECT word.value FROM json_each(OLD.words) AS field, json_each(field.value) AS word
		GROUP BY word.value ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250)
		AND `shelf` IN (0, -1, OLD.owner_id) AND `entity_id` = OLD.id
		AND NOT EXISTS (SELECT 1 FROM `entities_to_reindex` AS later WHERE later.entity_id = OLD.id);
END;
--> statement-breakpoint
DROP TRIGGER `entities_reshelve`;
--> statement-breakpoint
CREATE TRIGGER `entities_reshelve` AFTER UPDATE OF `words`, `private`, `owner_id` ON `entities`
WHEN OLD.words <> NEW.words OR OLD.private <> NEW.private OR (NEW.private = 1 AND OLD.owner_id IS NOT NEW.owner_id) BEGIN
	UPDATE `entities_to_reindex` SET `words` = OLD.words, `owner_id` = OLD.owner_id
	WHERE `entity_id` = OLD.id AND `words` IS NULL;
	-- Words that stay where they are cost nothing.
	DELETE FROM `entity_words`
	WHERE `word` IN (SELECT word.value FROM json_each(OLD.words) AS field, json_each(field.value) AS word
		GROUP BY word.value ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250)
		AND `shelf` IN (0, -1, OLD.owner_id) AND `entity_id` = OLD.id
		AND (OLD.private <> NEW.private OR OLD.owner_id IS NOT NEW.owner_id OR `word` NOT IN (
			SELECT word.value FROM json_each(NEW.words) AS field, json_each(field.value) AS word
			GROUP BY word.value ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250))
		AND NOT EXISTS (SELECT 1 FROM `entities_to_reindex` AS later WHERE later.entity_id = OLD.id);
	INSERT OR IGNORE INTO `entity_words` (`word`, `shelf`, `entity_id`)
	SELECT term.value, shelf.id, NEW.id
	FROM (SELECT 0 AS id WHERE NEW.private = 0 UNION ALL SELECT -1 WHERE NEW.private = 1
		UNION ALL SELECT NEW.owner_id WHERE NEW.private = 1 AND NEW.owner_id IS NOT NULL) AS shelf,
		(SELECT word.value FROM json_each(NEW.words) AS field, json_each(field.value) AS word
		GROUP BY word.value ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250) AS term
	WHERE NOT EXISTS (SELECT 1 FROM `entities_to_reindex` AS later WHERE later.entity_id = NEW.id);
END;
--> statement-breakpoint
-- The job has removed the old rows of the entity.
CREATE TRIGGER `entities_to_reindex_removed` AFTER DELETE ON `entities_to_reindex` BEGIN
	INSERT OR IGNORE INTO `entity_words` (`word`, `shelf`, `entity_id`)
	SELECT term.value, shelf.id, entity.id
	FROM `entities` AS entity
		CROSS JOIN (SELECT 0 AS id, 0 AS private UNION ALL SELECT -1, 1 UNION ALL SELECT `owner_id`, 1 FROM `entities`
			WHERE `entities`.`id` = OLD.entity_id AND `owner_id` IS NOT NULL) AS shelf ON shelf.private = entity.private
		CROSS JOIN (SELECT word.value FROM `entities`, json_each(`words`) AS field, json_each(field.value) AS word
			WHERE `entities`.`id` = OLD.entity_id GROUP BY word.value
			ORDER BY min(instr('code type attributes', field.key) * 100000 + word.key) LIMIT 250) AS term
	WHERE entity.id = OLD.entity_id;
END;
--> statement-breakpoint
-- 251 words are more than 1,000 characters, which is quicker to see than their number.
INSERT INTO `entities_to_reindex` (`entity_id`)
SELECT `id` FROM `entities` WHERE length(`words`) > 1000 AND json_array_length(`words`, '$.code')
	+ json_array_length(`words`, '$.type') + json_array_length(`words`, '$.attributes') > 250;
