import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'

/** Chosen in the dashboard, so that it can be imported anywhere. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '$datasource' }

/** What a panel shows where nothing is defined, as everywhere in the product. */
export const UNDEFINED = '–'

export function datasourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus')
}

export function labelVariable(options: {
  name: string
  label: string
  series: string
  multi: boolean
}): QueryVariableBuilder {
  const { name, label, series, multi } = options
  const query = `label_values(${series}, ${name})`
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: `${name}-values` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(multi)
    .includeAll(multi)
  return multi ? variable.current({ text: ['All'], value: ['$__all'] }) : variable
}

/**
 * The value now. A range reduced to its last value would go on showing a deleted run, or a class that has no images
 * any more.
 */
export function instantQuery(expression: string, legend: string, refId = 'A'): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(expression)
    .legendFormat(legend)
    .refId(refId)
    .instant()
}

export function rangeQuery(expression: string, legend: string, refId = 'A'): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(expression)
    .legendFormat(legend)
    .refId(refId)
    .range()
}

/** Steps from below; the first must begin at null. */
export function thresholds(steps: Threshold[]): Builder<ThresholdsConfig> {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}
