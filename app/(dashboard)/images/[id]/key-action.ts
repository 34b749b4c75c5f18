export type ViewerAction =
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'previous'
  | 'next'
  | 'pan-left'
  | 'pan-right'
  | 'pan-up'
  | 'pan-down'
  | 'invert'
  | 'reset'
  | 'tool'
  | 'model-view'
  | 'help'

/** The keys as they are shown, in the order in which they are explained. */
export const SHORTCUTS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['←', '→'], does: 'Previous and next image' },
  { keys: ['+', '−'], does: 'Zoom in and out' },
  { keys: ['0'], does: 'Fit to screen' },
  { keys: ['Shift', '← ↑ ↓ →'], does: 'Pan' },
  { keys: ['w'], does: 'Switch between pan and window/level' },
  { keys: ['i'], does: 'Invert' },
  { keys: ['m'], does: 'Show the model input' },
  { keys: ['r'], does: 'Reset zoom, window/level and inversion' },
  { keys: ['?'], does: 'This help' },
]

const PLAIN: Readonly<Record<string, ViewerAction>> = {
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
  '0': 'fit',
  i: 'invert',
  r: 'reset',
  w: 'tool',
  m: 'model-view',
  '?': 'help',
}
const ARROWS: Readonly<Record<string, ViewerAction>> = { ArrowLeft: 'previous', ArrowRight: 'next' }
const SHIFTED_ARROWS: Readonly<Record<string, ViewerAction>> = {
  ArrowLeft: 'pan-left',
  ArrowRight: 'pan-right',
  ArrowUp: 'pan-up',
  ArrowDown: 'pan-down',
}

/** What a key does; null where it is the browser's. */
export function keyAction(event: {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}): ViewerAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const table = event.key.startsWith('Arrow') ? (event.shiftKey ? SHIFTED_ARROWS : ARROWS) : PLAIN
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null
}
