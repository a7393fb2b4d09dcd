#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not see. 15 + 32 takes gzip and zlib headers alike.
static inline int tern_inflate_start(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
