CREATE TABLE `entities` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`seq` integer GENERATED ALWAYS AS (id) VIRTUAL,
	`code` text NOT NULL,
	`type` text NOT NULL,
	`quantity` integer NOT NULL,
	`attributes` text NOT NULL,
	`private` integer NOT NULL,
	`owner_id` integer,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`words` text NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `entities_code` ON `entities` (`code`);--> statement-breakpoint
CREATE INDEX `entities_by_id` ON `entities` (`private`);--> statement-breakpoint
CREATE INDEX `entities_by_code` ON `entities` (`private`,`code`);--> statement-breakpoint
CREATE INDEX `entities_by_quantity` ON `entities` (`private`,`quantity`,`seq`);--> statement-breakpoint
CREATE INDEX `entities_by_updated_at` ON `entities` (`private`,`updated_at`,`seq`);--> statement-breakpoint
CREATE INDEX `entities_by_type` ON `entities` (`private`,`type`);--> statement-breakpoint
CREATE INDEX `entities_by_type_and_quantity` ON `entities` (`private`,`type`,`quantity`,`seq`);--> statement-breakpoint
CREATE INDEX `entities_of_owner` ON `entities` (`owner_id`,`private`);--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_updated_at` ON `entities` (`owner_id`,`private`,`updated_at`,`seq`);--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_type` ON `entities` (`owner_id`,`private`,`type`);--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_code` ON `entities` (`owner_id`,`code`) WHERE private = 1;--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_quantity` ON `entities` (`owner_id`,`quantity`,`seq`) WHERE private = 1;--> statement-breakpoint
CREATE INDEX `entities_of_owner_by_type_and_quantity` ON `entities` (`owner_id`,`type`,`quantity`,`seq`) WHERE private = 1;--> statement-breakpoint
CREATE TABLE `games` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`stamps` integer NOT NULL,
	`changes` integer NOT NULL,
	`first_offset` integer NOT NULL,
	`last_offset` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`account_id` integer NOT NULL,
	`key_hash` text NOT NULL,
	`request_hash` text NOT NULL,
	`entity_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `key_hash`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);