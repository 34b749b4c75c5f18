/** Two overlapping readings: where they agree, the colour is full. */
export function BrandMark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="9" cy="12" r="7.5" fill="var(--mantine-color-reader-4)" opacity="0.75" />
      <circle cx="15" cy="12" r="7.5" fill="var(--mantine-color-reader-7)" opacity="0.85" />
      <path d="M12 5.1a7.5 7.5 0 0 1 0 13.8a7.5 7.5 0 0 1 0-13.8z" fill="var(--mantine-color-reader-9)" />
    </svg>
  )
}
