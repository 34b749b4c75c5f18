export const USAGE = `Usage: second-reader <command> [options]

Commands
  evaluate         evaluate a model version on a dataset and print its numbers
  api-key create   make an API key for a program

evaluate
  --model <id|folder>      a version's id, or a folder with model.onnx and model.json
  --dataset <name|folder>  a dataset's name, or a folder <finding class>/<image>
  --allow-unknown-classes  leave out images of classes that the model does not know
  --min-accuracy <0-1>     exit with 1 when the accuracy is below
  --json                   print the run and its metrics as JSON

api-key create
  --role <role>            ml-lead, administrator, reviewer, physician or read-only; may be repeated
  --name <text>            what the key is for (default: "command line")

Where it works
  SECOND_READER_URL with SECOND_READER_API_KEY names a running service. Without them the one on this machine is
  used whose demo-credentials.json lies in DATA_DIR (default .data in the checkout). Where none runs, evaluate starts
  a private one and stops it again; api-key create takes DATABASE_URL.

Exit codes
  0 done   1 the accuracy is below --min-accuracy   2 wrong use   3 could not be done   130 interrupted
`
