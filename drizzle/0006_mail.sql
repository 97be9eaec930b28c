CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	`recipient` text NOT NULL,
	`detail` text NOT NULL,
	`token_id` text,
	`created_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`last_error` text,
	`given_up_at` integer
);
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`due_at`) WHERE given_up_at IS NULL;--> statement-breakpoint
CREATE INDEX `mails_given_up` ON `mails` (`given_up_at`) WHERE given_up_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`account_id` integer NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`requested` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `one_time_tokens_account` ON `one_time_tokens` (`account_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_expires` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_undo` ON `one_time_tokens` (`email_key`) WHERE purpose = 'undo_email';--> statement-breakpoint
ALTER TABLE `accounts` ADD `verified_email_key` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `ever_verified` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `email_changes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `email_changes_since` integer DEFAULT 0 NOT NULL;