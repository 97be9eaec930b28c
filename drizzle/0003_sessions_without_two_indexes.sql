DROP INDEX `sessions_spent_hash`;--> statement-breakpoint
DROP INDEX `sessions_expires`;