CREATE TABLE "refusal_counts" (
	"window_started_at" timestamp with time zone NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"reason" text NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "refusal_counts_subject" PRIMARY KEY("window_started_at","actor_type","actor_id","action","object_id","reason")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_parent_id_api_keys_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_actor_id" ON "audit_events" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_actor_name" ON "audit_events" USING btree ("actor_name","seq");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "api_keys_parent" ON "api_keys" USING btree ("parent_id");--> statement-breakpoint
-- Keys made by keys before: their maker stands in the audit log.
UPDATE "api_keys" child SET "parent_id" = parent.id
  FROM "audit_events" event JOIN "api_keys" parent ON parent.id::text = event.actor_id
  WHERE event.action = 'api-key.create' AND event.actor_type = 'api-key' AND event.object_id = child.id::text;
--> statement-breakpoint
-- They end no later than the key that made them, which another key may have made.
WITH RECURSIVE lineage AS (
  SELECT id, expires_at, revoked_at FROM "api_keys" WHERE "parent_id" IS NULL
  UNION ALL
  SELECT child.id, least(child.expires_at, parent.expires_at), least(child.revoked_at, parent.revoked_at)
    FROM "api_keys" child JOIN lineage parent ON parent.id = child.parent_id
)
UPDATE "api_keys" child SET "expires_at" = lineage.expires_at, "revoked_at" = lineage.revoked_at
  FROM lineage WHERE lineage.id = child.id AND child.parent_id IS NOT NULL;
