#pragma once
/// Whether the address or the thread sanitizer is at work, which have their own memory and start.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRADEGRAPH_SANITIZES 1
#elif defined(__has_feature)
#define TRADEGRAPH_SANITIZES (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define TRADEGRAPH_SANITIZES 0
#endif
