/** Numbers as the sentences of a comparison say them. */

/** 0.9148 → `91.5%` */
export function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${rounded(ratio)}%`
}

/** 0.1 → `10.0 points`: the difference of two percentages. */
export function points(difference: number | null): string {
  return difference === null ? '–' : `${rounded(difference)} points`
}

/** 0.1 → `+10.0`, −0.1 → `−10.0` */
export function signed(difference: number | null): string {
  if (difference === null) return '–'
  const text = rounded(Math.abs(difference))
  if (Number(text) === 0) return text
  return difference < 0 ? `−${text}` : `+${text}`
}

/** 0.0123 → `0.012`; what is smaller than a thousandth is said to be that. */
export function pValue(p: number | null): string {
  if (p === null) return '–'
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`
}

/** 1 → `1 image`, 12000 → `12,000 images` */
export function images(count: number): string {
  return count === 1 ? '1 image' : `${count.toLocaleString('en-GB')} images`
}

function rounded(ratio: number): string {
  return (100 * ratio).toFixed(1)
}
