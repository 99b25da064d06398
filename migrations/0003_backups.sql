CREATE TABLE `restores` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text,
	`created_at` text NOT NULL,
	`parts` integer NOT NULL,
	`chain` text NOT NULL,
	`counts` text NOT NULL,
	`upload` text,
	`began_at` text NOT NULL,
	`touched_at` text NOT NULL,
	`verified_at` text,
	`finished_at` text
);
--> statement-breakpoint
CREATE TABLE `still_objects` (
	`restore_id` text NOT NULL,
	`class` text NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`restore_id`, `class`, `tenant_id`, `name`)
);
