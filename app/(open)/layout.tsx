import type { ReactNode } from 'react'
import { BrandMark } from '#app/_shell/brand-mark.tsx'
import classes from './open-frame.module.css'

/** The frame of the pages that are there before anybody is signed in. */
export default function OpenLayout({ children }: { children: ReactNode }) {
  return (
    <main className={classes.frame ?? ''}>
      <div className={classes.column ?? ''}>
        <p className={classes.brand ?? ''}>
          <BrandMark size={32} />
          Second Reader
        </p>
        {children}
        <p className={classes.what ?? ''}>Evaluation and monitoring of the model that reads second</p>
      </div>
    </main>
  )
}
