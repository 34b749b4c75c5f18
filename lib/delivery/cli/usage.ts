export const USAGE = `Usage: second-reader <command> [options]

Commands
  evaluate         evaluate a model version on a dataset and print its numbers
  compare          compare two model versions on the same images
  api-key create   make an API key for a program

evaluate
  --model <id|folder>      a version's id, or a folder with model.onnx and model.json
  --dataset <name|folder>  a dataset's name, or a folder <finding class>/<image>
  --allow-unknown-classes  leave out images of classes that the model does not know
  --min-accuracy <0-1>     exit with 1 when the accuracy is below
  --baseline <id>          compare with this version, and exit with 1 when the model is worse
  --margin <0-1>           with --baseline: exit with 1 unless it is shown to be worse by less than this
  --json                   print the run and its metrics as JSON

compare
  --baseline <id>          the version to compare with
  --candidate <id>         the version in question
  --dataset <name>         a dataset that both were evaluated on
  --intersection           go on with the images of both where the evaluations are about different ones
  --margin <0-1>           exit with 1 unless the candidate is shown to be worse by less than this
  --must-not-miss <class>  with --margin: a class whose sensitivity counts too; may be repeated
  --json                   print the comparison as JSON

api-key create
  --role <role>            ml-lead, administrator, reviewer, physician or read-only; may be repeated
  --name <text>            what the key is for (default: "command line")

Where it works
  SECOND_READER_URL with SECOND_READER_API_KEY names a running service. Without them the one on this machine is
  used whose demo-credentials.json lies in DATA_DIR (default .data in the checkout). Where none runs, evaluate and
  compare start a private one and stop it again; api-key create takes DATABASE_URL, or the running embedded database of DATA_DIR.

Exit codes
  0 done   1 a bar is missed: --min-accuracy, --margin, or worse than the baseline   2 wrong use
  3 could not be done   130 interrupted
`
