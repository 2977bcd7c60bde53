// Checks an exported log and its receipts with the Go project's own checksum-database library,
// which shares nothing with our code: note signatures, tree hashes, tiles and proofs.
//
// Usage: main DIR [RECEIPT...]
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type head struct {
	origin string
	tree   tlog.Tree
}

func check(err error, what string) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}

func refuseUnless(holds bool, what string) {
	if !holds {
		log.Fatal(what)
	}
}

func read(parts ...string) []byte {
	content, err := os.ReadFile(filepath.Join(parts...))
	check(err, "reading")
	return content
}

func openHead(signed []byte, verifier note.Verifier) head {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err, "opening the checkpoint")
	lines := strings.Split(opened.Text, "\n")
	refuseUnless(len(lines) == 4 && lines[3] == "", "the checkpoint is not three lines")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "reading the size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "reading the root")
	refuseUnless(lines[0] == verifier.Name(), "the checkpoint is of another log")
	return head{origin: lines[0], tree: tlog.Tree{N: size, Hash: root}}
}

// pathOf spells a tile as C2SP does, which leaves the height, always 8, out of the path.
func pathOf(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

// folder serves tiles from the export.
type folder string

func (dir folder) Height() int { return 8 }

func (dir folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (dir folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var contents [][]byte
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(string(dir), pathOf(tile)))
		if err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, nil
}

// tilesOf names the tiles of a level that holds so many hashes.
func tilesOf(level int, count int64) []tlog.Tile {
	var tiles []tlog.Tile
	for start := int64(0); start < count; start += 256 {
		width := count - start
		if width > 256 {
			width = 256
		}
		tiles = append(tiles, tlog.Tile{H: 8, L: level, N: start / 256, W: int(width)})
	}
	return tiles
}

func entriesOf(dir string, size int64) [][]byte {
	var entries [][]byte
	for _, tile := range tilesOf(0, size) {
		bundle := read(dir, strings.Replace(pathOf(tile), "tile/0/", "tile/entries/", 1))
		for len(bundle) > 0 {
			refuseUnless(len(bundle) >= 2, "a bundle ends in a length")
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			refuseUnless(len(bundle) >= length, "a bundle ends in an entry")
			entries = append(entries, bundle[2:length])
			bundle = bundle[length:]
		}
	}
	return entries
}

type envelope struct {
	Event json.RawMessage `json:"event"`
	Prev  string          `json:"prev"`
	Seq   int64           `json:"seq"`
	V     int             `json:"v"`
}

func checkChain(entries [][]byte) {
	previous := strings.Repeat("0", 64)
	for number, raw := range entries {
		var entry envelope
		check(json.Unmarshal(raw, &entry), "reading an entry")
		again, err := json.Marshal(entry)
		check(err, "writing an entry")
		refuseUnless(bytes.Equal(raw, again), "an entry is spelt otherwise")
		refuseUnless(entry.Seq == int64(number) && entry.Prev == previous, "an entry is not linked")
		leaf := tlog.RecordHash(raw)
		previous = fmt.Sprintf("%x", leaf[:])
	}
}

// checkTree computes every hash from the entries alone and holds root and tiles against them.
func checkTree(dir string, newest head, entries [][]byte) {
	var hashes []tlog.Hash
	store := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(places))
		for number, place := range places {
			found[number] = hashes[place]
		}
		return found, nil
	})
	for number, raw := range entries {
		more, err := tlog.StoredHashes(int64(number), raw, store)
		check(err, "hashing an entry")
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(newest.tree.N, store)
	check(err, "hashing the tree")
	refuseUnless(root == newest.tree.Hash, "the entries have another root")
	for level, count := 0, newest.tree.N; count > 0; level, count = level+1, count/256 {
		for _, tile := range tilesOf(level, count) {
			content, err := tlog.ReadTileData(tile, store)
			check(err, "hashing a tile")
			refuseUnless(bytes.Equal(content, read(dir, pathOf(tile))), "a tile has other hashes")
		}
	}
}

// checkProofs does what a client does that fetches tiles only.
func checkProofs(newest head, entries [][]byte, reader tlog.HashReader) {
	size := newest.tree.N
	for _, number := range []int64{0, size / 3, size / 2, size - 1} {
		proof, err := tlog.ProveRecord(size, number, reader)
		check(err, "proving an entry")
		leaf := tlog.RecordHash(entries[number])
		check(tlog.CheckRecord(proof, size, newest.tree.Hash, number, leaf), "an entry")
	}
}

func checkReceipt(path string, verifier note.Verifier) {
	top, signed, found := strings.Cut(string(read(path)), "\n\n")
	lines := strings.Split(top, "\n")
	refuseUnless(found && lines[0] == "c2sp.org/tlog-proof@v1", "a receipt has another form")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err, "reading a receipt's entry")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	check(err, "reading a receipt's index")
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		step, err := tlog.ParseHash(line)
		check(err, "reading a receipt's path")
		proof = append(proof, step)
	}
	signedHead := openHead([]byte(signed), verifier)
	leaf := tlog.RecordHash(raw)
	check(tlog.CheckRecord(proof, signedHead.tree.N, signedHead.tree.Hash, index, leaf), "a receipt")
}

func main() {
	dir := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(dir, "log.vkey"))))
	check(err, "reading the verifier key")
	newest := openHead(read(dir, "checkpoint"), verifier)
	entries := entriesOf(dir, newest.tree.N)
	refuseUnless(int64(len(entries)) == newest.tree.N, "the number of entries differs")
	checkChain(entries)
	checkTree(dir, newest, entries)
	reader := tlog.TileHashReader(newest.tree, folder(dir))
	checkProofs(newest, entries, reader)
	older, err := filepath.Glob(filepath.Join(dir, "checkpoints", "*"))
	check(err, "listing older checkpoints")
	for _, path := range older {
		old := openHead(read(path), verifier)
		proof, err := tlog.ProveTree(newest.tree.N, old.tree.N, reader)
		check(err, "proving growth")
		check(tlog.CheckTree(proof, newest.tree.N, newest.tree.Hash, old.tree.N, old.tree.Hash), "growth")
	}
	for _, path := range os.Args[2:] {
		checkReceipt(path, verifier)
	}
	fmt.Printf("%s: %d entries, %d older checkpoints, %d receipts\n",
		newest.origin, newest.tree.N, len(older), len(os.Args)-2)
}
