export const USAGE = `Usage: second-reader <command> [options]

Commands
  evaluate         evaluate a model version on a dataset and print its metrics
  compare          compare two model versions on the same images
  api-key create   create an API key

evaluate
  --model <id|folder>      a version's id, or a folder with model.onnx and model.json
  --dataset <name|folder>  a dataset's name, or a folder <finding class>/<image>
  --allow-unknown-classes  exclude images of classes that the model cannot predict
  --min-accuracy <0-1>     exit with 1 when the accuracy is lower
  --baseline <id>          compare with this version, and exit with 1 when the model is worse
  --margin <0-1>           with --baseline: exit with 1 unless it is non-inferior within this margin
  --json                   print the run and its metrics as JSON

compare
  --baseline <id>          the version to compare with
  --candidate <id>         the version to judge
  --dataset <name>         a dataset on which both were evaluated
  --intersection           compare the common images where the evaluations used different ones
  --margin <0-1>           exit with 1 unless the candidate is non-inferior within this margin
  --must-not-miss <class>  with --margin: a critical finding, whose sensitivity counts too; may be repeated
  --json                   print the comparison as JSON

api-key create
  --role <role>            ml-lead, administrator, reviewer, physician or read-only; may be repeated
  --name <text>            what the key is for (default: "command line")

Which service is used
  SECOND_READER_URL with SECOND_READER_API_KEY names a running service. Without them, the service on this machine
  is used whose demo-credentials.json is in DATA_DIR (default .data in the checkout). If none runs, evaluate and
  compare start a private one and stop it afterwards; api-key create uses DATABASE_URL or the embedded database of DATA_DIR.

Exit codes
  0 success   1 a threshold is missed: --min-accuracy, --margin, or worse than the baseline   2 usage error
  3 failed   130 interrupted
`
