import { List, ListItem, Text, Title } from '@mantine/core'
import { Panel } from '#app/_shell/panel.tsx'
import { METRIC_MEANINGS, METRIC_NAMES, meaningId } from './metric-meanings.ts'

/** Each headline number at length: where the question marks lead. */
export function NumberMeanings() {
  return (
    <Panel
      title="Definitions"
      description="All metrics use the images with a prediction. “–” means undefined, such as the sensitivity of a class without images."
    >
      {METRIC_NAMES.map((name) => {
        const { title, meaning, formula, range, lowerIsBetter } = METRIC_MEANINGS[name]
        return (
          <section key={name} id={meaningId(name)} style={{ scrollMarginTop: 120, maxWidth: '75ch' }}>
            <Title order={3} size="h6" mt="sm">
              {title}
            </Title>
            <Text size="sm">
              {meaning}
              {lowerIsBetter && ' Lower is better.'}
            </Text>
            <Text size="sm" c="dimmed">
              {formula} · {range}
            </Text>
          </section>
        )
      })}
      <Title order={3} size="h6" mt="md">
        The intervals
      </Title>
      <List size="sm" maw="75ch">
        <ListItem>
          Proportions have Wilson’s 95% CI, which assumes independent images. Where patients have several
          images, use the accuracy by patient.
        </ListItem>
        <ListItem>
          All other metrics have a bootstrap interval: patients are resampled with replacement a thousand
          times. The same images always give the same interval.
        </ListItem>
        <ListItem>
          Overlapping intervals do not show which version is better: compare both on the same images.
        </ListItem>
      </List>
    </Panel>
  )
}
