-- Written by hand, as its table is. Networks that no longer count are removed along it.
CREATE INDEX `known_networks_last` ON `known_networks` (`last_at`);
