'use client'

import { createContext, type ReactNode, useContext } from 'react'

const ClassesContext = createContext<readonly string[]>([])

/** The version's finding classes: what the address may name. */
export function RunClassesProvider(props: { classes: readonly string[]; children: ReactNode }) {
  return <ClassesContext value={props.classes}>{props.children}</ClassesContext>
}

export const useRunClasses = () => useContext(ClassesContext)
