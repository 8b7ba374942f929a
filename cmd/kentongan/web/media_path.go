package web

// MediaPath is where platforms fetch pictures and films of approved posts.
const MediaPath = "/m"
