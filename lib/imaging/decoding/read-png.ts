import { checkDimensions } from './check-dimensions.ts'
import { ImageRefused } from './image-refused.ts'
import type { ImageStructure } from './image-structure.ts'
import { pngAnnotations } from './png-annotations.ts'
import {
  GREY,
  GREY_ALPHA,
  isAnimatedPng,
  PALETTE,
  PNG_SIGNATURE,
  type PngChunk,
  type PngHeader,
  pngChunks,
  RGB_ALPHA,
  readPngHeader,
} from './png-chunks.ts'
import { readOrientation } from './read-orientation.ts'

/** The chunks that pixels depend on. Profiles, gamma and text are ignored by policy, so no decoder sees them. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
/** Those of an animation begin in lower case: a reader that knows none shows the picture. */
const CRITICAL = /^[A-Z]/

/** Checks every chunk up to IEND. */
export function readPng(file: Buffer): ImageStructure {
  let header: PngHeader | undefined
  const chunks: PngChunk[] = []
  for (const chunk of pngChunks(file)) {
    header ??= readCheckedHeader(chunk)
    if (!KEPT.has(chunk.type) && CRITICAL.test(chunk.type))
      throw new ImageRefused('CORRUPT_IMAGE', 'the PNG has a critical chunk that no standard names')
    if (chunk.type === 'IDAT' && !chunks.some(({ type }) => type === 'IDAT') && isAnimatedPng(chunks))
      throw new ImageRefused('ANIMATED_NOT_SUPPORTED', 'the PNG is an animation')
    chunks.push(chunk)
  }
  if (header === undefined) throw new ImageRefused('TRUNCATED_IMAGE', 'the PNG ends before its header')
  return {
    format: 'png',
    ...describePixels(header, chunks),
    orientation: readOrientation(pngAnnotations(chunks)),
    pixelsOnly: Buffer.concat([
      PNG_SIGNATURE,
      ...chunks.filter(({ type }) => KEPT.has(type)).map(({ start, end }) => file.subarray(start, end)),
    ]),
  }
}

function readCheckedHeader(chunk: PngChunk): PngHeader {
  const header = readPngHeader(chunk)
  checkDimensions(header.width, header.height)
  return header
}

function describePixels(header: PngHeader, chunks: readonly PngChunk[]) {
  const { width, height, bitDepth, colourType } = header
  const transparency = chunks.some(({ type }) => type === 'tRNS')
  return {
    width,
    height,
    colour: colourType === GREY || colourType === GREY_ALPHA ? ('grey' as const) : ('rgb' as const),
    bitDepth: bitDepth === 16 ? (16 as const) : (8 as const),
    significantBits: significantBits(header, chunks),
    alpha: transparency || colourType === GREY_ALPHA || colourType === RGB_ALPHA,
  }
}

/** How many bits the source had, where the file states it (sBIT): the most of its colours, and those of alpha. */
function significantBits({ channels, bitDepth, colourType }: PngHeader, chunks: readonly PngChunk[]) {
  const all = { colours: bitDepth, alpha: bitDepth }
  const body = chunks.find(({ type }) => type === 'sBIT')?.body
  if (body?.length !== channels || colourType === PALETTE) return all
  if (body.some((bits) => bits < 1 || bits > bitDepth)) return all
  const hasAlpha = colourType === GREY_ALPHA || colourType === RGB_ALPHA
  const colours = Math.max(...(hasAlpha ? body.subarray(0, -1) : body))
  return { colours, alpha: hasAlpha ? (body.at(-1) ?? bitDepth) : bitDepth }
}
