import sharp from 'sharp'

/**
 * sharp as the decode policy allows it: two loaders, one thread, no cache. Its defaults decode SVG, TIFF and a
 * dozen formats more, and a 163-byte SVG takes 1.1 GB.
 */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] })
sharp.concurrency(1)
sharp.cache(false)

export { sharp as decoder }
