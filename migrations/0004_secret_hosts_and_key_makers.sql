ALTER TABLE `api_keys` ADD `made_by` text;--> statement-breakpoint
ALTER TABLE `secrets` ADD `hosts` text;