CREATE TABLE "perceptual_hashes" (
	"image_sha256" "bytea" PRIMARY KEY NOT NULL,
	"upright" "bytea",
	"mirrored" "bytea",
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
