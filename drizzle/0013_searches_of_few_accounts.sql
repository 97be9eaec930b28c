CREATE INDEX `accounts_admins_by_email` ON `accounts` (`email_key`) WHERE role = 'admin';--> statement-breakpoint
CREATE INDEX `accounts_admins_by_username` ON `accounts` (`username_key`) WHERE role = 'admin';--> statement-breakpoint
CREATE INDEX `accounts_inactive_by_email` ON `accounts` (`email_key`) WHERE active = 0;--> statement-breakpoint
CREATE INDEX `accounts_inactive_by_username` ON `accounts` (`username_key`) WHERE active = 0;