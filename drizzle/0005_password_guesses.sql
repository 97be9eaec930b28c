-- Written by hand: drizzle-kit does not know WITHOUT ROWID.
-- Guesses at passwords, by what they are counted for and the network that they come from.
CREATE TABLE `password_guesses` (
	`subject` text NOT NULL,
	`network` text NOT NULL,
	`count` integer NOT NULL,
	`locked_until` integer NOT NULL,
	`last_at` integer NOT NULL,
	`window_count` integer NOT NULL,
	`window_start` integer NOT NULL,
	PRIMARY KEY(`subject`, `network`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `password_guesses_last` ON `password_guesses` (`last_at`);
--> statement-breakpoint
-- The networks that signed in to an account, which a lock of the account does not shut out.
CREATE TABLE `known_networks` (
	`account_id` integer NOT NULL,
	`network` text NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `network`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON DELETE cascade
) WITHOUT ROWID;
