'use client'

import { Button, Checkbox, Fieldset, Group, NumberInput, Text } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import type { GateRules } from '#lib/model/comparison/schema.ts'

/** Other rules to try; the address takes them. */
export default function RulesForm({ rules, classes }: { rules: GateRules; classes: readonly string[] }) {
  const router = useRouter()
  const [changing, startTransition] = useTransition()
  const [tried, setTried] = useState(rules)
  const change = (part: Partial<GateRules>) => setTried({ ...tried, ...part })
  const toggle = (name: string, on: boolean) =>
    change({ mustNotMiss: on ? [...tried.mustNotMiss, name] : tried.mustNotMiss.filter((n) => n !== name) })

  function apply(event: FormEvent): void {
    event.preventDefault()
    const query = new URLSearchParams(window.location.search)
    for (const [name, value] of Object.entries(tried)) {
      query.delete(name)
      for (const each of [value].flat()) query.append(name, String(each))
    }
    startTransition(() => router.push(`/compare?${query}#gate`, { scroll: false }))
  }

  return (
    <form onSubmit={apply}>
      <Group grow align="flex-end" gap="sm" preventGrowOverflow={false}>
        <Percent
          label="Minimum accuracy"
          value={tried.accuracyFloor}
          onChange={(accuracyFloor) => change({ accuracyFloor })}
        />
        <Percent
          label="Non-inferiority margin"
          value={tried.nonInferiorityMargin}
          onChange={(nonInferiorityMargin) => change({ nonInferiorityMargin })}
          suffix=" points"
        />
        <Count
          label="Minimum images"
          value={tried.minimumImages}
          onChange={(minimumImages) => change({ minimumImages })}
        />
      </Group>
      <Fieldset legend="Critical findings" mt="md" p="sm">
        <Text size="xs" c="dimmed" mb="xs">
          The sensitivity of these classes must stay within the margin too.
        </Text>
        <Group gap="sm" mah={180} style={{ overflowY: 'auto' }}>
          {classes.map((name) => (
            <Checkbox
              key={name}
              label={name}
              checked={tried.mustNotMiss.includes(name)}
              onChange={(event) => toggle(name, event.currentTarget.checked)}
            />
          ))}
        </Group>
        {tried.mustNotMiss.length > 0 && (
          <Count
            label="Minimum images of each"
            value={tried.minimumClassImages}
            onChange={(minimumClassImages) => change({ minimumClassImages })}
          />
        )}
      </Fieldset>
      <Button type="submit" mt="md" variant="default" loading={changing}>
        Apply
      </Button>
    </form>
  )
}

type FieldProps = { label: string; value: number; onChange: (value: number) => void }

/** A ratio, typed in percent. */
function Percent({ value, onChange, suffix = '%', ...props }: FieldProps & { suffix?: string }) {
  return (
    <NumberInput
      {...props}
      value={Math.round(value * 1000) / 10}
      onChange={(typed) => onChange(Math.min(100, Math.max(0, Number(typed) || 0)) / 100)}
      min={0}
      max={100}
      step={1}
      decimalScale={1}
      suffix={suffix}
      miw={120}
    />
  )
}

function Count({ onChange, ...props }: FieldProps) {
  return (
    <NumberInput
      {...props}
      onChange={(typed) => onChange(Math.min(1_000_000, Math.max(0, Math.round(Number(typed) || 0))))}
      min={0}
      max={1_000_000}
      allowDecimal={false}
      thousandSeparator=","
      miw={120}
    />
  )
}
