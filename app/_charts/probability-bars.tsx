'use client'

import './colours.css'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatProbability } from '#app/_format/probability.ts'
import { classColours } from './class-colours.ts'
import classes from './probability-bars.module.css'
import { type ClassProbability, shownClasses } from './probability-rows.ts'

/** What a model made of one image: a bar for each finding class, the predicted and the reference class in words. */
export function ProbabilityBars(props: {
  findingClasses: readonly string[]
  probabilities: readonly number[]
  predictedClass: string
  /** Where it is known. */
  referenceClass?: string
  label: string
}) {
  const { findingClasses, predictedClass, referenceClass } = props
  const [all, setAll] = useState(false)
  const colours = classColours(findingClasses)
  const rows = shownClasses({ ...props, all })
  return (
    <div>
      <ul className={classes.list} aria-label={props.label}>
        {rows.map((row) => (
          <Row
            key={row.findingClass}
            row={row}
            colour={colours.get(row.findingClass) ?? 'var(--chart-neutral)'}
            predicted={row.findingClass === predictedClass}
            reference={row.findingClass === referenceClass}
          />
        ))}
      </ul>
      {(all || rows.length < findingClasses.length) && (
        <Button variant="subtle" size="compact-xs" mt={6} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'Show the likeliest classes' : `Show all ${findingClasses.length} classes`}
        </Button>
      )}
    </div>
  )
}

function Row(props: { row: ClassProbability; colour: string; predicted: boolean; reference: boolean }) {
  const { findingClass, probability } = props.row
  const marks = [props.predicted ? 'predicted' : null, props.reference ? 'reference' : null].filter(Boolean)
  return (
    <li>
      <div className={classes.words}>
        <span className={classes.name} data-predicted={props.predicted}>
          {findingClass}
          {marks.length > 0 && <span className={classes.mark}>{marks.join(' and ')}</span>}
        </span>
        <span className="figures">{formatProbability(probability)}</span>
      </div>
      <div className={classes.track} aria-hidden="true">
        <div className={classes.bar} style={{ width: `${probability * 100}%`, background: props.colour }} />
      </div>
    </li>
  )
}
