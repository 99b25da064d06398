/** Bounds of one parse. Each keeps a hostile or huge file inside the 128 MB isolate; what is cut is named in `warnings`. */

/** Bytes of one document; the upload door caps at the same size. */
export const MAX_DOCUMENT_BYTES = 100 * 1024 * 1024
/** Characters of text of one document in memory at once: of its first part, of the one that is read, and of one more. Two bytes each at worst. */
export const MAX_TEXT_CHARACTERS = 12_000_000
/** Characters of files inside a document that are kept beside it. */
export const MAX_EMBEDDED_CHARACTERS = 8_000_000
/** Characters of one part of a document; what is longer goes on in further parts. Its passages are indexed in one message. */
export const MAX_PART_CHARACTERS = 4_000_000
/** Pages of one part. */
export const MAX_PART_PAGES = 2_000
/** Further parts of one document. */
export const MAX_PARTS = 500
/** Rows of one table in a document's first part, which is what agents read; further rows go on in further parts. */
export const MAX_TABLE_ROWS = 5_000
/** Rows, and characters, of a table in each further part. */
export const MAX_PART_ROWS = 50_000
export const MAX_PART_ROWS_CHARACTERS = 1_000_000
/** Cells kept over all tables of a part. */
export const MAX_TABLE_CELLS = 400_000
/** Tables and plain texts of more bytes than this are read as they stream out of the store. */
export const MAX_BYTES_AT_ONCE = 8 * 1024 * 1024
/** Warnings kept: a file with a million oddities needs no million sentences. */
export const MAX_WARNINGS = 50

/** A PDF of more pages is refused as a whole: at 5–15 ms a page it would take longer than a step may. */
export const MAX_PDF_PAGES = 20_000
/** Up to this many pages each word gets a box; above, each stretch of text does, to bound memory. */
export const MAX_PAGES_WITH_WORD_BOXES = 200
/** Bytes that one stream of a PDF may unpack to, as for a member of an archive: the reader holds a whole stream in memory. */
export const MAX_PDF_STREAM_BYTES = 50 * 1024 * 1024
/** The same over all streams of a PDF but its pictures, which are read one at a time and only where a page has no text. */
export const MAX_PDF_STREAMS_BYTES = 256 * 1024 * 1024
/** Pixels of a picture in a PDF that is decoded: an A4 page at 600 dots per inch is 35 million. */
export const MAX_PDF_IMAGE_PIXELS = 40_000_000
/** Stretches of text read from one page of a PDF; the fullest plans and tables hold some ten thousand. */
export const MAX_PDF_PAGE_ITEMS = 200_000
/** Scanned pages sent to OCR, which takes about 3 s a page. */
export const MAX_OCR_PAGES = 40
/** Pixels of an image given to OCR: its buffers take about 8 bytes a pixel. */
export const MAX_OCR_PIXELS = 16_000_000

/** Members of an archive opened as such. */
export const MAX_ARCHIVE_ENTRIES = 1_000
/** Parts of an office file: thousands of slides and pictures are legitimate there. */
export const MAX_OFFICE_PARTS = 10_000
/** Bytes inflated out of one archive over its whole parse. */
export const MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
/** Bytes of one member held in memory at once. */
export const MAX_MEMBER_BYTES = 50 * 1024 * 1024
/** An archive that inflates to more than `ZIP_BOMB_BYTES` at over this ratio is a bomb. */
export const ZIP_BOMB_RATIO = 100
export const ZIP_BOMB_BYTES = 8 * 1024 * 1024

/** Archives inside archives that are opened. */
export const MAX_ARCHIVE_DEPTH = 3
/** Files inside files (mail in mail, object in document) that are read. */
export const MAX_EMBEDDING_DEPTH = 4
/** Files found inside one uploaded document, over all depths. */
export const MAX_EMBEDDED_FILES = 500
/** Parts of one mail, attachments and alternatives alike; the mail reader takes time in the square of them. */
export const MAX_MAIL_PARTS = 500
/** Mails read out of one mailbox file. */
export const MAX_MAILBOX_MAILS = 500

/** Nesting of XML elements and HTML tags; real documents stay below a hundred. */
export const MAX_MARKUP_DEPTH = 400
/** JSON is parsed as a whole: about ten times its size in memory. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024
/** One CSV record; a lost quote would otherwise swallow the rest of the file. */
export const MAX_CSV_RECORD_CHARACTERS = 1_000_000
