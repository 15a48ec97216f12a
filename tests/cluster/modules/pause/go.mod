// The program of a pod's sandbox.
module jobsetgen.test/pause

go 1.26.0

tool jobsetgen.test/pause
