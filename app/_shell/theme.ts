import { createTheme, type MantineColorsTuple, rem } from '@mantine/core'

/** A calm blue-green that reads in both schemes; shade 7 carries white text at 4.5 : 1, shade 4 stands on dark grey. */
const reader: MantineColorsTuple = [
  '#e6f6f8',
  '#d3eaee',
  '#a8d5dc',
  '#79bfca',
  '#53acba',
  '#3a9fb0',
  '#2493a5',
  '#0f7685',
  '#0a6471',
  '#00525e',
]

export const theme = createTheme({
  colors: { reader },
  primaryColor: 'reader',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  headings: {
    fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
    fontWeight: '650',
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  respectReducedMotion: true,
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Anchor: { defaultProps: { underline: 'hover' } },
    // What may scroll is reached by the keyboard, and scrolled by its arrows.
    TableScrollContainer: { defaultProps: { type: 'native', tabIndex: 0, role: 'group' } },
    Table: { defaultProps: { verticalSpacing: 'xs', highlightOnHover: true } },
  },
})
