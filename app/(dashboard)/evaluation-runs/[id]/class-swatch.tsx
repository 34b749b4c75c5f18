import '#app/_charts/colours.css'

/** A class's colour beside its name. */
export function ClassSwatch({ colour }: { colour: string | undefined }) {
  return (
    <span
      aria-hidden="true"
      style={{
        display: 'inline-block',
        flex: 'none',
        width: 10,
        height: 10,
        borderRadius: 3,
        background: colour,
      }}
    />
  )
}
