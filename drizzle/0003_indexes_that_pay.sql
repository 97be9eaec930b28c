DROP INDEX `sessions_spent_hash`;--> statement-breakpoint
DROP INDEX `sessions_expires`;--> statement-breakpoint
CREATE INDEX `accounts_inactive` ON `accounts` (`active`) WHERE active = 0;