-- IF EXISTS by hand: this file had another name for a commit, and a local database may have met that one.
DROP INDEX IF EXISTS `sessions_spent_hash`;--> statement-breakpoint
DROP INDEX IF EXISTS `sessions_expires`;--> statement-breakpoint
CREATE INDEX `accounts_inactive` ON `accounts` (`active`) WHERE active = 0;
