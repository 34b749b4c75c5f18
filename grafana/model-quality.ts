import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VisibilityMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import {
  DATASOURCE,
  datasourceVariable,
  instantQuery,
  labelVariable,
  rangeQuery,
  thresholds,
  UNDEFINED,
} from './prometheus-panel.ts'

/** Where colours change. Starting points without clinical meaning: a hospital sets its own in Grafana. */
const ACCURACY_STEPS = [
  { value: null, color: 'red' },
  { value: 0.8, color: 'orange' },
  { value: 0.9, color: 'green' },
]

/** One installation is one web process, and only web has this series: evaluators never appear here. */
const INSTALLATIONS = 'second_reader_evaluation_runs'
const HERE = 'instance="$instance"'
const DATASET = `${HERE},dataset=~"$dataset"`
const CLASS = `${DATASET},class_name=~"$class_name"`

/** Streams last as long as a page is open, which says nothing about speed. */
const ANSWERED = `${HERE},handler!~".*/events"`

/** 5xx of all requests; 0 where all went well, no value without requests. */
export const ERROR_SHARE = `(
  sum(rate(http_requests_total{${HERE},status="5xx"}[$__rate_interval]))
  or sum(rate(http_requests_total{${HERE}}[$__rate_interval])) * 0
) / (sum(rate(http_requests_total{${HERE}}[$__rate_interval])) > 0)`

/** No value without requests: comparing removes the NaN of an empty histogram. */
export function latency(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{${ANSWERED}}[$__rate_interval]))) >= 0`
}

const now = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull'])

function overallAccuracy() {
  return new StatBuilder()
    .title('Overall accuracy by dataset')
    .description('Correctly predicted images of the latest succeeded evaluation run of each dataset.')
    .datasource(DATASOURCE)
    .withTarget(instantQuery(`model_overall_accuracy{${DATASET}}`, '{{dataset}}'))
    .unit('percentunit')
    .decimals(1)
    .noValue(UNDEFINED)
    .thresholds(thresholds(ACCURACY_STEPS))
    .textMode(BigValueTextMode.ValueAndName)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(now())
    .height(6)
    .span(12)
}

function overallAccuracyOverTime() {
  return new TimeSeriesBuilder()
    .title('Overall accuracy over time')
    .description('A step is a new evaluation run. A gap means that there was no value, or that web was away.')
    .datasource(DATASOURCE)
    .withTarget(rangeQuery(`model_overall_accuracy{${DATASET}}`, '{{dataset}}'))
    .unit('percentunit')
    .decimals(1)
    .axisSoftMax(1)
    .spanNulls(false)
    .showPoints(VisibilityMode.Auto)
    .height(6)
    .span(12)
}

function accuracyPerClass() {
  return accuracyBars()
    .title('Accuracy per finding class: $dataset')
    .description(
      'Sensitivity: correct images of the class / images of the class. The weakest class is first.',
    )
    .withTarget(instantQuery(`sort(model_accuracy_per_class{${CLASS}})`, '{{class_name}}'))
    .repeat('dataset')
    .repeatDirection('h')
    .maxPerRow(2)
    .height(11)
    .span(24)
}

function accuracyByVersion() {
  return accuracyBars()
    .title('Accuracy by model version')
    .description('The latest succeeded evaluation run of every model version on every dataset.')
    .withTarget(
      instantQuery(
        `sort_desc(second_reader_evaluation_accuracy{${DATASET}})`,
        '{{dataset}} · {{model_version}}',
      ),
    )
    .height(8)
    .span(12)
}

function accuracyBars() {
  return new BarGaugeBuilder()
    .datasource(DATASOURCE)
    .unit('percentunit')
    .decimals(1)
    .min(0)
    .max(1)
    .noValue(UNDEFINED)
    .thresholds(thresholds(ACCURACY_STEPS))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .reduceOptions(now())
}

function runsByStatus() {
  return new StatBuilder()
    .title('Evaluation runs by status')
    .datasource(DATASOURCE)
    .withTarget(instantQuery(`second_reader_evaluation_runs{${HERE}}`, '{{status}}'))
    .unit('short')
    .decimals(0)
    .noValue(UNDEFINED)
    .thresholds(thresholds([{ value: null, color: 'text' }]))
    .overrideByName('failed', [
      {
        id: 'thresholds',
        value: {
          mode: 'absolute',
          steps: [
            { value: null, color: 'text' },
            { value: 1, color: 'orange' },
          ],
        },
      },
    ])
    .textMode(BigValueTextMode.ValueAndName)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(now())
    .height(8)
    .span(12)
}

function requestRate() {
  return new TimeSeriesBuilder()
    .title('Requests by route')
    .datasource(DATASOURCE)
    .withTarget(
      rangeQuery(
        `sum by (handler) (rate(http_request_duration_seconds_count{${HERE}}[$__rate_interval]))`,
        '{{handler}}',
      ),
    )
    .unit('reqps')
    .min(0)
    .height(8)
    .span(8)
}

function errorShare() {
  return new TimeSeriesBuilder()
    .title('Share of requests with a 5xx')
    .datasource(DATASOURCE)
    .withTarget(rangeQuery(ERROR_SHARE, '5xx'))
    .unit('percentunit')
    .min(0)
    .axisSoftMax(0.05)
    .noValue(UNDEFINED)
    .height(8)
    .span(8)
}

function requestLatency() {
  return new TimeSeriesBuilder()
    .title('Latency')
    .description('To the end of the reply, without event streams. Read from histogram buckets: an estimate.')
    .datasource(DATASOURCE)
    .withTarget(rangeQuery(latency(0.5), 'p50', 'A'))
    .withTarget(rangeQuery(latency(0.95), 'p95', 'B'))
    .unit('s')
    .min(0)
    .noValue(UNDEFINED)
    .height(8)
    .span(8)
}

/** Prometheus' view of how good the model is, and of how the service answers. */
export function modelQualityDashboard(): Dashboard {
  const dashboard = new DashboardBuilder('Second Reader: model quality')
    .uid('second-reader-model-quality')
    .description(
      'Accuracy of model versions on frozen datasets, evaluation runs, and how the service answers.',
    )
    .tags(['second-reader'])
    .timezone('browser')
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(datasourceVariable())
    .withVariable(
      labelVariable({ name: 'instance', label: 'Installation', series: INSTALLATIONS, multi: false }),
    )
    .withVariable(
      labelVariable({
        name: 'dataset',
        label: 'Dataset',
        series: `model_overall_accuracy{${HERE}}`,
        multi: true,
      }),
    )
    .withVariable(
      labelVariable({
        name: 'class_name',
        label: 'Finding class',
        series: `model_accuracy_per_class{${DATASET}}`,
        multi: true,
      }),
    )
    .withRow(new RowBuilder('Accuracy'))
    .withPanel(overallAccuracy())
    .withPanel(overallAccuracyOverTime())
    .withPanel(accuracyPerClass())
    .withRow(new RowBuilder('Model versions and evaluation runs'))
    .withPanel(accuracyByVersion())
    .withPanel(runsByStatus())
    .withRow(new RowBuilder('Service'))
    .withPanel(requestRate())
    .withPanel(errorShare())
    .withPanel(requestLatency())
    .build()
  const panels = dashboard.panels?.map((panel, index) => ({ ...panel, id: index + 1 })) ?? []
  return { ...dashboard, panels }
}
