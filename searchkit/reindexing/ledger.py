"""
What is known of the corpus, and what does this run find out?

The ledger compares the files that are there with what the index remembers, so that
only the others are read; it marks each document of the index that is still in the
corpus; and it writes down what the next run is to remember. It decides what is added,
replaced, deleted and reported; it reads no file.

Two rules make the outcome independent of the order of runs: of several documents with
one id the last in the order of the corpus is kept, and so is the last of several files
with the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchkit.corpus import Chunk, SourceFile
from searchkit.errors import DocumentFormatError
from searchkit.index.forward import DIGEST_BYTES, ForwardBatch
from searchkit.index.snapshot import LiveSegment
from searchkit.index.sources import Sources
from searchkit.index.writer import IndexWriter
from searchkit.reindexing.intake import Known, Taken
from searchkit.reindexing.memory import Memory, owner_of, parents
from searchkit.reindexing.workers import Encoded, Group


@dataclass(slots=True)
class _Open:
    """A file that is being read."""

    contents: dict[str, str] = field(default_factory=dict)
    problems: list[DocumentFormatError] = field(default_factory=list)


class Ledger:
    """
    What a run of :func:`.reindex` knows; see each method.

    Attributes:
        errors: what could not be read, so far.
        repeated: documents whose id occurred before.
        languages: documents that were new, in each language but Swedish.
        documents: documents that were seen in the corpus, so far.
        files_read: files that were read to their end, so far.
    """

    def __init__(
        self, writer: IndexWriter, corpus: Path, files: Sequence[SourceFile], memory: Memory
    ) -> None:
        self._writer = writer
        self._corpus = corpus
        # What paths are relative to: the folder, or that of a single file.
        self._base = corpus if corpus.is_dir() else corpus.parent
        self._memory = memory
        self._name_of = {file.path: file.relative for file in files}
        self._rank = {file.relative: number for number, file in enumerate(files)}
        self._live = list(writer.live_segments)
        self._seen = np.zeros(sum(s.segment.document_count for s in self._live), bool)
        self._open: dict[str, _Open] = {}
        self._last: str | None = None
        # Ids that this run has put into the index from each whole file.
        self._keys_at: dict[str, list[str]] = {}
        # Numbers of committed documents that were put back, by id.
        self._restored: dict[str, int] = {}
        # Where the document with each id stands that this run has put into the index last.
        self._path_of: dict[str | None, str | None] = {}
        # Ids that a dry run would put there.
        self._foreseen: set[str] = set()
        self.languages: dict[str, int] = {}
        self.errors: list[DocumentFormatError] = []
        self.repeated: list[DocumentFormatError] = []
        self.added = self.replaced = self.deleted = self.unchanged = 0
        self.documents = self.files_read = self.text_bytes = 0
        self._pass_over()

    def known(self) -> Known:
        """Return the documents that may be found unchanged, by what tells them."""
        known: dict[bytes, int] = {}
        for live in self._live:
            raw = live.segment.digests().tobytes()
            for number in np.flatnonzero(self._unseen(live)).tolist():
                at = number * DIGEST_BYTES
                known[raw[at : at + DIGEST_BYTES]] = live.base + number
        return known

    def take(self, group: Group, encoded: Encoded) -> None:
        """Put what a group became into the index, and note what it tells."""
        owners, done = self._follow(group)
        taken = encoded.taken
        self.note(taken.errors)
        self._mark_unchanged(taken.unchanged)
        if encoded.batch is not None:
            self._put(encoded.batch, taken)
        self._foresee(encoded.keys)
        for language, count in taken.languages.items():
            self.languages[language] = self.languages.get(language, 0) + count
        for relative, digest in taken.contents.items():
            owner = owners.get(relative)
            if owner is not None:
                self._open[owner].contents[relative] = digest
                self._collapse(relative, digest)
        for name in done:
            self._close(name)

    def note(self, errors: Iterable[DocumentFormatError]) -> None:
        """Note what could not be read."""
        for error in errors:
            self.errors.append(error)
            owner = owner_of(self.relative(error.path), self._rank)
            if owner is not None:
                self._open.setdefault(owner, _Open()).problems.append(error)

    def delete_gone(self) -> None:
        """
        Delete what the corpus no longer holds.

        What came from a file (or a folder) that could not be read in full is kept:
        it may only be hidden by the damage.
        """
        damaged = {self.relative(error.path) for error in self.errors}
        for live in self._live:
            for number in np.flatnonzero(self._unseen(live)).tolist():
                if damaged and self._is_hidden(live.segment.value("path", number), damaged):
                    continue
                self._writer.delete_number(live.base + number)
                self.deleted += 1

    def sources(self, *, finished: bool) -> Sources:
        """Return what to remember; unless *finished*, of the files only that are done with."""
        if finished:
            self._last = None
            for name in list(self._open):
                self._close(name)
            return self._memory.sources()
        return self._memory.sources(doubted=self._with_gone())

    def relative(self, path: Path) -> str:
        """Return a path as documents keep it: relative to the corpus, or a single file's name."""
        inside = path.is_relative_to(self._base)
        return path.relative_to(self._base).as_posix() if inside else path.name

    def _unseen(self, live: LiveSegment) -> NDArray[np.bool_]:
        """Tell which documents of a segment are alive and were not seen in the corpus."""
        unseen = ~self._seen[live.base : live.base + live.segment.document_count]
        if live.alive is not None:
            unseen &= live.alive
        return unseen

    def _with_gone(self) -> set[str]:
        """Return the files with documents that may be gone: passed over, they would be kept."""
        found: set[str] = set()
        for live in self._live:
            column = live.segment.columns.get("path")
            if column is None:
                continue
            for code in np.unique(column.codes[self._unseen(live)]).tolist():
                name = owner_of(column.values[code - 1], self._rank) if code else None
                found |= {name} if name else set()
        return found

    def _pass_over(self) -> None:
        """Mark the documents of the files that are not opened, and tell what is wrong in them."""
        skipped = self._memory.skipped
        for live in self._live:
            column = live.segment.columns.get("path")
            if column is not None and skipped:
                values = ["", *column.values]
                own = np.array([owner_of(value, skipped) is not None for value in values])
                own[0] = False
                seen = own[column.codes]
                if live.alive is not None:
                    seen &= live.alive
                self._seen[live.base : live.base + len(seen)] = seen
        self.unchanged = self.documents = int(self._seen.sum())
        for name in skipped:
            for path, line, reason in self._memory.notes[name].problems:
                self.errors.append(DocumentFormatError(reason, path=self._shown(path), line=line))

    def _shown(self, relative: str) -> Path:
        return self._base / relative

    def _follow(self, group: Group) -> tuple[dict[str, str], list[str]]:
        """Note which file each chunk is of; return it by path, and the files that have ended."""
        owners, done = {}, []
        for chunk in group:
            if not isinstance(chunk, Chunk):
                continue
            name = self._name_of[chunk.on_disk]
            owners[chunk.relative] = name
            self._open.setdefault(name, _Open())
            if name != self._last and self._last is not None:
                done.append(self._last)
            self._last = name
        return owners, done

    def _close(self, name: str) -> None:
        """Remember a file that was read to its end."""
        done = self._open.pop(name, None)
        if done is not None:
            problems = [(self.relative(e.path), e) for e in done.problems]
            self._memory.remember(name, done.contents, problems)
            self.files_read += 1

    def _mark_unchanged(self, numbers: list[int]) -> None:
        """Mark documents that are as the index holds them."""
        array = np.array(numbers, np.int64)
        self.unchanged += len(numbers)
        self.documents += len(numbers)
        odd = array[self._seen[array]]
        if odd.size or len(np.unique(array)) < len(array):
            for number in numbers:
                if self._seen[number]:
                    key, path = self._key(number), self._document_path(number)
                    self._tell_repeated(key, self._path_of.get(key, path), path)
                    self._restore(number)
                self._seen[number] = True
        self._seen[array] = True

    def _put(self, batch: ForwardBatch, taken: Taken) -> None:
        """Put new documents into the index."""
        keys = batch.columns["id"]
        paths = list(batch.columns.get("path") or [None] * len(keys))
        self.text_bytes += batch.text_bytes
        replaced = self._writer.put_batch(batch)
        self.documents += len(keys)
        self.added += len(keys) - len(replaced.repeated) - len(replaced.committed)
        self._settle_new(replaced.repeated, keys, paths)
        again = []
        for number in replaced.committed:
            if number < len(self._seen) and not self._seen[number]:
                self._seen[number] = True
                self.replaced += 1
            else:
                again.append(number)
        if again:
            new = dict(zip(keys, zip(paths, taken.places, strict=True), strict=True))
            self._settle(again, new, taken)
        self._path_of.update(zip(keys, paths, strict=True))
        for own, path in zip(keys, paths, strict=True) if taken.contents else ():
            if path is not None and own is not None:
                self._keys_at.setdefault(path, []).append(own)

    def _settle_new(
        self, repeated: Sequence[int], keys: Sequence[str | None], paths: Sequence[str | None]
    ) -> None:
        """Decide between new documents, of a batch and before it, that have the same ids."""
        before: dict[str | None, str | None] = {}
        of = set(repeated)
        for number, (key, path) in enumerate(zip(keys, paths, strict=True) if of else ()):
            if number in of and key is not None:
                other = before.get(key, self._path_of.get(key))
                committed = self._restored.get(key)
                if committed is not None and self._later(other, path):
                    self._tell_repeated(key, path, other)
                    self._restore(committed)
                else:
                    self._tell_repeated(key, other, path)
            before[key] = path

    def _settle(
        self,
        numbers: Sequence[int],
        new: Mapping[str | None, tuple[str | None, int]],
        taken: Taken,
    ) -> None:
        """Decide between committed documents that are in the corpus and new ones with their ids."""
        places = dict(zip(taken.unchanged, taken.unchanged_places, strict=True))
        for number in numbers:
            key = self._key(number)
            path, place = new[key]
            own = self._document_path(number)
            if places.get(number, -1) > place or self._later(own, path):
                self._tell_repeated(key, path, own)
                self._restore(number)
            else:
                self._tell_repeated(key, own, path)

    def _foresee(self, keys: Sequence[tuple[str, str | None]]) -> None:
        """Count what new documents would do to the index."""
        for key, path in keys:
            self.documents += 1
            number = self._writer.find(key)
            if key in self._foreseen or (number is not None and self._seen[number]):
                self._tell_repeated(key, self._path_of.get(key, path), path)
            elif number is None:
                self.added += 1
            else:
                self._seen[number] = True
                self.replaced += 1
            self._foreseen.add(key)
            self._path_of[key] = path
            if path is not None:
                self._keys_at.setdefault(path, []).append(key)

    def _restore(self, number: int) -> None:
        """Put a committed document back in the place of one that came before it."""
        if self._writer.is_deleted(number):
            segment, doc_id = self._writer.locate(number)
            document = segment.document(doc_id)
            self._writer.put(document, segment.digests()[doc_id].tobytes())
            self._restored[document.id] = number
            self._path_of[document.id] = document.fields.get("path")

    def _collapse(self, relative: str, digest: str) -> None:
        """Keep only the last of several files with the same bytes."""
        other = self._memory.kept_under.get(digest)
        if other is None or other == relative:
            self._memory.kept_under[digest] = relative
            return
        kept, dropped = (relative, other) if self._later(relative, other) else (other, relative)
        self._memory.kept_under[digest] = kept
        self._memory.duplicates[dropped] = kept
        own = set(self._keys_at.get(kept, ()))
        for key in self._keys_at.pop(dropped, ()):
            if key not in self._restored and key not in own:
                self.added -= self._writer.delete(key) or key in self._foreseen
        for number in self._numbers_at(dropped):
            if not self._writer.is_deleted(number):
                self._writer.delete_number(number)
                self._seen[number] = True
                self.deleted += 1

    def _numbers_at(self, path: str) -> Iterable[int]:
        for live in self._live:
            column = live.segment.columns.get("path")
            if column is None:
                continue
            start, end = column.code_range(path)
            for code in range(start, end):
                if column.values[code - 1] == path:
                    for doc_id in column.documents(code, code + 1).tolist():
                        if live.alive is None or live.alive[doc_id]:
                            yield live.base + doc_id

    def _later(self, path: str | None, than: str | None) -> bool:
        """Tell whether a path comes after another in the order of the corpus."""
        return self._place(path) > self._place(than)

    def _place(self, path: str | None) -> tuple[int, str]:
        owner = owner_of(path or "", self._rank)
        return (-1 if owner is None else self._rank[owner], path or "")

    def _tell_repeated(self, key: str, dropped: str | None, kept: str | None) -> None:
        """Tell of a document that gives way to another with its id."""
        where = f", in '{kept}'" if kept != dropped else ""
        reason = f"the id '{key}' occurs more than once; the last document with it is kept{where}"
        error = DocumentFormatError(reason, path=self._shown(dropped) if dropped else self._corpus)
        self.repeated.append(error)
        owners = [owner_of(path or "", self._rank) for path in (dropped, kept)]
        note = next((self._open[name] for name in owners if name in self._open), None)
        if note is not None:
            note.problems.append(error)
        if owners[0] is not None and owners[1] is not None and owners[0] != owners[1]:
            self._memory.superseded.setdefault(owners[0], set()).add(owners[1])

    def _key(self, number: int) -> str:
        segment, doc_id = self._writer.locate(number)
        return segment.value("id", doc_id) or ""

    def _document_path(self, number: int) -> str | None:
        segment, doc_id = self._writer.locate(number)
        return segment.value("path", doc_id)

    def _is_hidden(self, path: str | None, damaged: set[str]) -> bool:
        return path is not None and not damaged.isdisjoint(parents(path))
