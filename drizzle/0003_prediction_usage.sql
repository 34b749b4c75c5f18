CREATE TABLE "prediction_usage" (
	"day" date NOT NULL,
	"model_version_id" uuid NOT NULL,
	"actor_id" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "prediction_usage_day_model_version_id_actor_id_pk" PRIMARY KEY("day","model_version_id","actor_id")
);
--> statement-breakpoint
ALTER TABLE "prediction_usage" ADD CONSTRAINT "prediction_usage_model_version_id_model_versions_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;