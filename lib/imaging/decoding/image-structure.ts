/** What a file says about itself before any pixel is decoded, and the bytes that its pixels depend on. */
export type ImageStructure = {
  format: 'jpeg' | 'png'
  width: number
  height: number
  /** How the samples arrive from the decoder. `palette` arrives as RGB. */
  colour: 'grey' | 'rgb' | 'cmyk'
  bitDepth: 8 | 16
  /** How many of these bits the file says that its source had; all of them where it says nothing. */
  significantBits: { colours: number; alpha: number }
  alpha: boolean
  /** Orientation 1–8, by EXIF or XMP; 1 where the file has none. */
  orientation: number
  /** The file without profiles, text, thumbnails and whatever follows its end: nothing there may reach a decoder. */
  pixelsOnly: Uint8Array
}
