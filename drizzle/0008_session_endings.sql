CREATE TABLE `job_positions` (
	`job` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `session_endings` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`up_to` integer NOT NULL,
	`except_id` text,
	`at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_unrevoked` ON `sessions` (`account_id`) WHERE revoked_at IS NULL;