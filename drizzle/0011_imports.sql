ALTER TABLE `accounts` ADD `import_id` text;--> statement-breakpoint
ALTER TABLE `accounts` ADD `unused_import` integer DEFAULT false NOT NULL;--> statement-breakpoint
-- The rest is written by hand: drizzle-kit knows neither WITHOUT ROWID nor triggers.
-- Refresh tokens that an import brought. Sessions hold the current token alone, and KV knows the tokens that were issued
-- here: this is what recognises an imported one that comes back after it was used.
CREATE TABLE `imported_refresh_tokens` (
	`account_id` integer NOT NULL,
	`token_hash` text NOT NULL,
	`session_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `token_hash`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `imported_refresh_tokens_hash` ON `imported_refresh_tokens` (`token_hash`);
--> statement-breakpoint
CREATE INDEX `imported_refresh_tokens_expires` ON `imported_refresh_tokens` (`expires_at`);
--> statement-breakpoint
-- An imported account counts as used from its first login, refresh, logout or change on, whichever version it is made by.
CREATE TRIGGER `imports_signed_in` AFTER INSERT ON `sessions` BEGIN
	UPDATE `accounts` SET `unused_import` = 0 WHERE `id` = NEW.`account_id` AND `unused_import` = 1;
END;
--> statement-breakpoint
CREATE TRIGGER `imports_refreshed` AFTER UPDATE OF `token_hash`, `revoked_at` ON `sessions`
WHEN OLD.`spent_hash` IS NULL OR NEW.`revoked_at` IS NOT NULL BEGIN
	UPDATE `accounts` SET `unused_import` = 0 WHERE `id` = NEW.`account_id` AND `unused_import` = 1;
END;
--> statement-breakpoint
CREATE TRIGGER `imports_changed` AFTER UPDATE OF `username`, `email`, `verified_email_key`, `role`, `active`, `data` ON `accounts`
WHEN NEW.`unused_import` = 1 BEGIN
	UPDATE `accounts` SET `unused_import` = 0 WHERE `id` = NEW.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `imports_password_set` AFTER INSERT ON `password_credentials` BEGIN
	UPDATE `accounts` SET `unused_import` = 0 WHERE `id` = NEW.`account_id` AND `unused_import` = 1;
END;
--> statement-breakpoint
CREATE TRIGGER `imports_password_changed` AFTER UPDATE OF `hash` ON `password_credentials` BEGIN
	UPDATE `accounts` SET `unused_import` = 0 WHERE `id` = NEW.`account_id` AND `unused_import` = 1;
END;
