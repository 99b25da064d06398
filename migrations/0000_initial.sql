CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`secret_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_prefix_unique` ON `api_keys` (`prefix`);--> statement-breakpoint
CREATE INDEX `api_keys_by_tenant` ON `api_keys` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `documents` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`media_type` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`source` text NOT NULL,
	`file_key` text NOT NULL,
	`parent_id` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `documents_by_content` ON `documents` (`tenant_id`,`sha256`) WHERE "documents"."parent_id" is null;--> statement-breakpoint
CREATE INDEX `documents_by_hash` ON `documents` (`tenant_id`,`sha256`);--> statement-breakpoint
CREATE INDEX `documents_by_time` ON `documents` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `documents_by_parent` ON `documents` (`tenant_id`,`parent_id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`tenant_id` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer,
	`media_type` text,
	`body` text,
	`claimed_at` text NOT NULL,
	`expires_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `login_failures` (
	`account` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`began_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `received_mails` (
	`tenant_id` text NOT NULL,
	`workflow` text NOT NULL,
	`key` text NOT NULL,
	`document_id` text NOT NULL,
	`run_id` text NOT NULL,
	`is_started` integer DEFAULT false NOT NULL,
	`received_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `workflow`, `key`)
);
--> statement-breakpoint
CREATE INDEX `received_mails_by_run` ON `received_mails` (`tenant_id`,`run_id`);--> statement-breakpoint
CREATE TABLE `reports` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`title` text NOT NULL,
	`formats` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reports_by_run` ON `reports` (`tenant_id`,`run_id`);--> statement-breakpoint
CREATE TABLE `runs` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`workflow` text NOT NULL,
	`workflow_version` text NOT NULL,
	`status` text NOT NULL,
	`trigger` text NOT NULL,
	`document_id` text,
	`title` text,
	`error_message` text,
	`cost_micro_usd` integer NOT NULL,
	`open_approvals` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`ended_at` text,
	`revision` integer NOT NULL,
	`swept_at` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `runs_by_time` ON `runs` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `runs_by_workflow` ON `runs` (`tenant_id`,`workflow`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_by_status` ON `runs` (`tenant_id`,`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_with_approvals` ON `runs` (`tenant_id`,`created_at`) WHERE "runs"."open_approvals" > 0;--> statement-breakpoint
CREATE INDEX `runs_alive` ON `runs` (`updated_at`) WHERE "runs"."status" in ('running', 'waiting');--> statement-breakpoint
CREATE TABLE `secrets` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`family` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`used_at` text,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_hash_unique` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_by_family` ON `sessions` (`family`);--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenant_keys` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_slug_unique` ON `tenants` (`slug`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_by_email` ON `users` (`tenant_id`,`email`);--> statement-breakpoint
CREATE TABLE `workflow_versions` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`source` text NOT NULL,
	`definition` text NOT NULL,
	`created_at` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`, `version`)
);
--> statement-breakpoint
CREATE INDEX `workflow_versions_by_position` ON `workflow_versions` (`tenant_id`,`name`,`position`);