/** What a drawing gets from style sheets and must carry itself once it stands alone. */
const CARRIED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-family']
/** A picture for slides: twice the pixels that the screen shows. */
const PICTURE_SCALE = 2

/** Saves the first SVG within the element, as it looks now, as a drawing or a picture. */
export async function downloadChart(
  frame: HTMLElement | null,
  fileName: string,
  format: 'svg' | 'png',
): Promise<void> {
  const shown = frame?.querySelector('svg')
  if (frame === null || shown === null || shown === undefined) return
  const drawing = standAlone(shown, getComputedStyle(document.body).backgroundColor)
  if (format === 'svg') return downloadText(drawing, `${fileName}.svg`, 'image/svg+xml')
  const { width, height } = shown.getBoundingClientRect()
  saveFile(await rasterise(drawing, width, height), `${fileName}.png`)
}

export function downloadText(text: string, fileName: string, type: string): void {
  saveFile(new Blob([text], { type: `${type};charset=utf-8` }), fileName)
}

function standAlone(shown: SVGSVGElement, background: string): string {
  const copy = shown.cloneNode(true) as SVGSVGElement
  const originals = [shown, ...shown.querySelectorAll<SVGElement>('*')]
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  originals.forEach((original, index) => {
    const style = getComputedStyle(original)
    for (const name of CARRIED) copies[index]?.style.setProperty(name, style.getPropertyValue(name))
  })
  const { width, height } = shown.getBoundingClientRect()
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.style.background = background
  return new XMLSerializer().serializeToString(copy)
}

async function rasterise(drawing: string, width: number, height: number): Promise<Blob> {
  const image = new Image()
  const address = URL.createObjectURL(new Blob([drawing], { type: 'image/svg+xml' }))
  image.src = address
  await image.decode()
  URL.revokeObjectURL(address)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * PICTURE_SCALE)
  canvas.height = Math.round(height * PICTURE_SCALE)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error('The chart could not be exported.')) : resolve(blob),
    ),
  )
}

export function saveFile(blob: Blob, fileName: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
