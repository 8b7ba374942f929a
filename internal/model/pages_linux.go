package model

import (
	"syscall"
	"unsafe"
)

// inGreatPages asks the kernel to keep a table in pages of 2 MiB. A message
// reads some hundred rows all over eight megabytes: in pages of 4 KiB nearly
// each of them must first be looked up in the page tables, in a virtual machine
// twice over. It is advice: where it is not followed only time is lost.
func inGreatPages(table []uint64) {
	const page, collapse = 2 << 20, 25 // MADV_COLLAPSE, Linux 6.1
	if len(table) == 0 {
		return
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&table[0])), len(table)*8)
	before := -uintptr(unsafe.Pointer(&bytes[0])) & (page - 1)
	if uintptr(len(bytes)) < before+page {
		return
	}
	whole := bytes[before:]
	whole = whole[:len(whole)&^(page-1)]
	if syscall.Madvise(whole, syscall.MADV_HUGEPAGE) == nil {
		syscall.Madvise(whole, collapse)
	}
}
