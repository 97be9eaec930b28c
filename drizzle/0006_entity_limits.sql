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
CREATE INDEX `accounts_deleted` ON `accounts` (`deleted_at`) WHERE deleted_at IS NOT NULL;