import type { ReactNode } from 'react'
import classes from './page-sections.module.css'

/** The parts of a long page, one press away. */
export function SectionNav({ sections }: { sections: readonly { id: string; title: string }[] }) {
  return (
    <nav aria-label="On this page" className={classes.nav}>
      {sections.map(({ id, title }) => (
        <a key={id} href={`#${id}`}>
          {title}
        </a>
      ))}
    </nav>
  )
}

/** A part that an address leads to; below the header and the list of parts, not under them. */
export function PageSection({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div id={id} style={{ scrollMarginTop: 112, minWidth: 0 }}>
      {children}
    </div>
  )
}
