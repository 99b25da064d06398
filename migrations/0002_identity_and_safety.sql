CREATE TABLE `collection_documents` (
	`tenant_id` text NOT NULL,
	`document_id` text NOT NULL,
	`collection` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `document_id`, `collection`)
);
--> statement-breakpoint
CREATE INDEX `collection_documents_by_collection` ON `collection_documents` (`tenant_id`,`collection`);--> statement-breakpoint
CREATE TABLE `data_keys` (
	`tenant_id` text NOT NULL,
	`version` integer NOT NULL,
	`wrapped` text,
	`master_key_id` text NOT NULL,
	`created_at` text NOT NULL,
	`retired_at` text,
	`content_at` text,
	`resealed_at` text,
	`destroyed_at` text,
	PRIMARY KEY(`tenant_id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `data_keys_by_master` ON `data_keys` (`master_key_id`);--> statement-breakpoint
CREATE INDEX `data_keys_retiring` ON `data_keys` (`retired_at`) WHERE "data_keys"."retired_at" is not null and "data_keys"."resealed_at" is null;--> statement-breakpoint
CREATE TABLE `data_subject_findings` (
	`tenant_id` text NOT NULL,
	`request_id` text NOT NULL,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	`outcome` text,
	`reason` text,
	`counts` text,
	`at` text,
	PRIMARY KEY(`tenant_id`, `request_id`, `kind`, `ref`)
);
--> statement-breakpoint
CREATE TABLE `data_subject_requests` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`subject_kind` text NOT NULL,
	`salt` text NOT NULL,
	`subject_hash` text NOT NULL,
	`sealed` text,
	`phase` text NOT NULL,
	`cursor` text,
	`scanned` text NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`ended_at` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `data_subject_requests_by_id` ON `data_subject_requests` (`id`);--> statement-breakpoint
CREATE INDEX `data_subject_requests_open` ON `data_subject_requests` (`updated_at`) WHERE "data_subject_requests"."status" = 'working';--> statement-breakpoint
CREATE TABLE `document_classes` (
	`tenant_id` text NOT NULL,
	`document_id` text NOT NULL,
	`class` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `document_id`)
);
--> statement-breakpoint
CREATE TABLE `document_deletions` (
	`tenant_id` text NOT NULL,
	`document_id` text NOT NULL,
	`root_id` text NOT NULL,
	`begun_at` text NOT NULL,
	`finished_at` text,
	PRIMARY KEY(`tenant_id`, `document_id`)
);
--> statement-breakpoint
CREATE INDEX `document_deletions_by_root` ON `document_deletions` (`tenant_id`,`root_id`);--> statement-breakpoint
CREATE INDEX `document_deletions_by_end` ON `document_deletions` (`finished_at`,`begun_at`);--> statement-breakpoint
CREATE TABLE `identity_links` (
	`tenant_id` text NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `issuer`, `subject`)
);
--> statement-breakpoint
CREATE INDEX `identity_links_by_user` ON `identity_links` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `identity_providers` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`sealed_secret` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `legal_holds` (
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`reason` text NOT NULL,
	`placed_by` text NOT NULL,
	`placed_at` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `kind`, `id`)
);
--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`is_synced` integer NOT NULL,
	`created_at` text NOT NULL,
	`last_used_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential_id_unique` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_by_user` ON `passkeys` (`tenant_id`,`user_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `provisioned_users` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`user_name` text NOT NULL,
	`shown_user_name` text NOT NULL,
	`external_id` text,
	`given_name` text,
	`family_name` text,
	`updated_at` text NOT NULL,
	`removed_at` text,
	PRIMARY KEY(`tenant_id`, `user_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `provisioned_users_by_name` ON `provisioned_users` (`tenant_id`,`user_name`);--> statement-breakpoint
CREATE INDEX `provisioned_users_by_external_id` ON `provisioned_users` (`tenant_id`,`external_id`);--> statement-breakpoint
CREATE TABLE `retention_rules` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`rules` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_challenges` (
	`hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`tenant_id` text,
	`user_id` text,
	`context` text,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_challenges_by_expiry` ON `sign_in_challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tenant_erasures` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`asked_at` text NOT NULL,
	`began_at` text NOT NULL,
	`finished_at` text,
	`done` integer NOT NULL,
	`counts` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tenant_erasures_open` ON `tenant_erasures` (`began_at`) WHERE "tenant_erasures"."finished_at" is null;--> statement-breakpoint
CREATE TABLE `tenant_storage` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`bytes` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `collections` ADD `is_listed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `reports` ADD `bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `suspended_at` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `deletion_asked_at` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `erased_from` text;--> statement-breakpoint
CREATE INDEX `document_fingerprints_by_document` ON `document_fingerprints` (`tenant_id`,`document_id`);--> statement-breakpoint
CREATE INDEX `evaluations_by_id` ON `evaluations` (`id`);--> statement-breakpoint
CREATE INDEX `runs_by_id` ON `runs` (`id`);--> statement-breakpoint
CREATE INDEX `runs_by_document` ON `runs` (`tenant_id`,`document_id`) WHERE "runs"."status" in ('running', 'waiting');