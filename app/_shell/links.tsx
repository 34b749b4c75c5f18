'use client'

import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import Link from 'next/link'
import type { ReactNode } from 'react'

// A server component cannot hand the router's link to a component; these two do it on the client's side.

/** A link in running text or a table. */
export function TextLink({ href, ...props }: AnchorProps & { href: string; children: ReactNode }) {
  return <Anchor component={Link} href={href} {...props} />
}

/** A link that looks like what can be done next. */
export function ButtonLink({ href, ...props }: ButtonProps & { href: string; children: ReactNode }) {
  return <Button component={Link} href={href} {...props} />
}
