'use client'

import { type FormEvent, useState } from 'react'
import { faultsOf } from './form-faults.ts'

type Faults = Record<string, string>

/**
 * The course of a form: `check` finds faults before anything is sent, `send` sends it. One thing at a time, however
 * often the button is pressed; after a refusal everything typed is still there and the first wrong field has the focus.
 */
export function useFormCall(
  send: (form: FormData) => Promise<void>,
  check: (form: FormData) => Faults = () => ({}),
) {
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<Faults>({})

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    const element = event.currentTarget
    const form = new FormData(element)
    const found = check(form)
    setFaults(found)
    if (Object.keys(found).length > 0) return focusFirst(element, found)
    setBusy(true)
    try {
      await send(form)
    } catch (error) {
      const refused = faultsOf(error)
      setFaults(refused)
      focusFirst(element, refused)
    } finally {
      setBusy(false)
    }
  }
  return { busy, faults, onSubmit }
}

function focusFirst(form: HTMLFormElement, faults: Faults): void {
  const wrong = [...form.elements].find(
    (element) => element instanceof HTMLInputElement && element.name in faults,
  )
  if (wrong instanceof HTMLElement) wrong.focus()
}
