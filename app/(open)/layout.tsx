import type { ReactNode } from 'react'
import { BrandMark } from '#app/_shell/brand-mark.tsx'
import classes from './open-frame.module.css'

/** The frame of the pages before sign-in. */
export default function OpenLayout({ children }: { children: ReactNode }) {
  return (
    <main className={classes.frame ?? ''}>
      <div className={classes.column ?? ''}>
        <p className={classes.brand ?? ''}>
          <BrandMark size={32} />
          Second Reader
        </p>
        {children}
        <p className={classes.what ?? ''}>Evaluation and monitoring of medical-imaging AI</p>
      </div>
    </main>
  )
}
