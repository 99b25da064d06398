CREATE TABLE `classifiers` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`status` text NOT NULL,
	`examples` integer NOT NULL,
	`labels` integer NOT NULL,
	`run_id` text NOT NULL,
	`created_at` text NOT NULL,
	`ended_at` text,
	`report` text,
	`failure` text,
	PRIMARY KEY(`tenant_id`, `name`, `version`)
);
--> statement-breakpoint
CREATE INDEX `classifiers_by_time` ON `classifiers` (`tenant_id`,`name`,`created_at`);--> statement-breakpoint
CREATE TABLE `collections` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `custom_roles` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`permissions` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `datasets` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`cases` integer NOT NULL,
	`bytes` integer NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`, `version`)
);
--> statement-breakpoint
CREATE INDEX `datasets_by_time` ON `datasets` (`tenant_id`,`created_at`,`name`);--> statement-breakpoint
CREATE TABLE `document_fingerprints` (
	`tenant_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`document_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `fingerprint`)
);
--> statement-breakpoint
CREATE TABLE `embeddings` (
	`tenant_id` text NOT NULL,
	`model` text NOT NULL,
	`hash` text NOT NULL,
	`vector` blob NOT NULL,
	`document_id` text,
	`created_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `model`, `hash`)
);
--> statement-breakpoint
CREATE INDEX `embeddings_by_document` ON `embeddings` (`tenant_id`,`document_id`);--> statement-breakpoint
CREATE TABLE `evaluations` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`run_id` text NOT NULL,
	`dataset` text NOT NULL,
	`dataset_version` text NOT NULL,
	`cases` integer NOT NULL,
	`target` text NOT NULL,
	`workflow` text,
	`workflow_version` text,
	`metrics` text NOT NULL,
	`batch_size` integer NOT NULL,
	`simulated` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`ended_at` text,
	`summary` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `evaluations_by_time` ON `evaluations` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `evaluations_by_workflow` ON `evaluations` (`tenant_id`,`workflow`,`workflow_version`,`created_at`);--> statement-breakpoint
CREATE TABLE `model_answer_counts` (
	`tenant_id` text NOT NULL,
	`purpose` text NOT NULL,
	`exact_hits` integer NOT NULL,
	`semantic_hits` integer NOT NULL,
	`misses` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `purpose`)
);
--> statement-breakpoint
CREATE TABLE `model_answer_documents` (
	`tenant_id` text NOT NULL,
	`document_id` text NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `document_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `model_answers` (
	`tenant_id` text NOT NULL,
	`key` text NOT NULL,
	`purpose` text NOT NULL,
	`answer` text NOT NULL,
	`scope` text,
	`question` text,
	`vector` blob,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `model_answers_by_scope` ON `model_answers` (`tenant_id`,`scope`,`created_at`);--> statement-breakpoint
CREATE INDEX `model_answers_by_expiry` ON `model_answers` (`expires_at`);--> statement-breakpoint
CREATE TABLE `model_settings` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`purpose` text NOT NULL,
	`token_hash` text NOT NULL,
	`email` text NOT NULL,
	`user_id` text,
	`role` text,
	`created_by` text,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`used_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_tokens_token_hash_unique` ON `one_time_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_by_address` ON `one_time_tokens` (`tenant_id`,`purpose`,`email`);--> statement-breakpoint
CREATE INDEX `one_time_tokens_by_expiry` ON `one_time_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `prompt_uses` (
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`answered` integer NOT NULL,
	`repaired` integer NOT NULL,
	`failed` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `run_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `prompt_uses_by_name` ON `prompt_uses` (`tenant_id`,`name`);--> statement-breakpoint
CREATE TABLE `prompt_versions` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`text` text,
	`weight` integer NOT NULL,
	`note` text,
	`tests` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text,
	PRIMARY KEY(`tenant_id`, `name`, `version`)
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `user_id`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `second_factors` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` text NOT NULL,
	`confirmed_at` text,
	`last_step` integer,
	PRIMARY KEY(`tenant_id`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `security_events` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`address` text NOT NULL,
	`at` text NOT NULL,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `security_events_by_time` ON `security_events` (`tenant_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `service_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created_at` text NOT NULL,
	`disabled_at` text
);
--> statement-breakpoint
CREATE INDEX `service_accounts_by_tenant` ON `service_accounts` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `usage` (
	`tenant_id` text NOT NULL,
	`call_id` text NOT NULL,
	`at` text NOT NULL,
	`run_id` text,
	`step_key` text,
	`workflow` text,
	`agent` text,
	`feature` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost_micro_usd` integer NOT NULL,
	`latency_ms` integer NOT NULL,
	`cached` integer NOT NULL,
	`degraded` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `call_id`)
);
--> statement-breakpoint
CREATE INDEX `usage_by_time` ON `usage` (`tenant_id`,`at`);--> statement-breakpoint
CREATE INDEX `usage_by_run` ON `usage` (`tenant_id`,`run_id`);--> statement-breakpoint
CREATE TABLE `workflow_gates` (
	`tenant_id` text NOT NULL,
	`workflow` text NOT NULL,
	`dataset` text NOT NULL,
	`rules` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `workflow`)
);
--> statement-breakpoint
CREATE INDEX `workflow_gates_by_dataset` ON `workflow_gates` (`tenant_id`,`dataset`);--> statement-breakpoint
ALTER TABLE `api_keys` ADD `scopes` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `service_account_id` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `expires_at` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `last_used_at` text;--> statement-breakpoint
ALTER TABLE `idempotency_keys` ADD `run_id` text NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `started_at` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `user_agent` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `address` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `sessions_by_user` ON `sessions` (`tenant_id`,`user_id`,`created_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `disabled_at` text;--> statement-breakpoint
ALTER TABLE `users` ADD `email_verified_at` text;--> statement-breakpoint
CREATE INDEX `users_by_time` ON `users` (`tenant_id`,`created_at`,`id`);